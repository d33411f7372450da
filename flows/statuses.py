"""Exit statuses of a command that runs a study, and what its help says of them."""

FINISHED, ERROR, WRONG_OPTION, SOME_FAILED, NO_ANSWER = range(5)
SIGNALLED = 128  # and the number of the signal, as a shell has it
MEANING = (
    "Exit status: 0 where every trial that was asked for has finished; 3 where some have not, but there is "
    "an answer; 4 where there is none; 1 for an error, 2 for an option that cannot be; 130, 143 or 129 where "
    "Ctrl-C, SIGTERM or SIGHUP stopped it."
)
