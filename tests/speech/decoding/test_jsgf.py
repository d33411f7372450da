"""Grammar files: rules as read, and errors of files that cannot be used."""

import pytest

from components.speech.decoding.build_lm import check_grammar
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.jsgf_rules import Choice, Concatenation, Reference, Repeat, Words

ONE, TWO = Words(("one",)), Words(("two",))


def expansion_of(expansion):
    """The expansion of the rule <a>."""
    return read_rules(f"#JSGF V1.0;\n<a> = {expansion};\n<b> = one;")["a"].expansion


@pytest.mark.parametrize(
    ("expansion", "expected"),
    [
        ("one", ONE),
        ("one two", Concatenation((ONE, TWO))),
        ("one | two", Choice(((0.5, ONE), (0.5, TWO)))),
        ("/3/ one | /1/ two", Choice(((0.75, ONE), (0.25, TWO)))),
        ("/0/ one | /0.2/ two", TWO),
        ("(one) two", Concatenation((ONE, TWO))),
        ("[one]", Choice(((0.5, ONE), (0.5, Words(()))))),
        ("one*", Repeat(ONE)),
        ("one+", Concatenation((ONE, Repeat(ONE)))),
        ("one | two one*", Choice(((0.5, ONE), (0.5, Concatenation((TWO, Repeat(ONE))))))),
        ("<b> {tag; \\} =} two", Concatenation((Reference("b", 2), TWO))),
        ('"New  York\'s" // a comment | two', Words(("new", "york's"))),
        ("thirty-five /* two\n lines */", Words(("thirty", "five"))),
        ("<NULL>", Words(())),
        ("<VOID>", Choice(())),
    ],
)
def test_an_expansion_is_read(expansion, expected):
    assert expansion_of(expansion.replace("// a comment | two", "// a comment | two\n")) == expected


def test_rules_have_their_lines_and_whether_they_are_public():
    rules = read_rules("\ufeff#JSGF V1.0 UTF-8 en;\n\ngrammar com.acme.x;\npublic <x y> = one;\n<b> = two;")
    assert [(rule.name, rule.line, rule.public) for rule in rules.values()] == [
        ("x y", 4, True),
        ("b", 5, False),
    ]


HEAD = "#JSGF V1.0;\n"
REFUSED = {
    "<a> = one;": "'#JSGF V1.0;' on line 1, got '<a> = one;'; begin the file with that line.",
    HEAD: "at least one rule on line 2, got none; write for example <yes> = yes | yeah;.",
    HEAD + "import <a.b>;": "all rules in one file on line 2, got an import; copy the imported rules.",
    HEAD + "<a> = one;\n\n<a> = two;": "one rule <a> on line 4, got another on line 2; rename one.",
    HEAD + "<a> = one\n | ;": "a word, a rule, ( or [ on line 3, got ';'; correct it; <NULL> stands for no "
    "words.",
    HEAD + "<a> = (one;": "')' on line 2, got ';'; correct it; <NULL> stands for no words.",
    HEAD + "<a> = one": "';' on line 2, got the end of the file; correct it; <NULL> stands for no words.",
    HEAD + "<a> one;": "'=' on line 2, got 'one'; correct it; <NULL> stands for no words.",
    HEAD + "a = one;": "a rule, such as <name> = words; on line 2, got 'a'; correct it; <NULL> stands for "
    "no words.",
    HEAD + "<a> = /1/ one | two;": "a weight before every alternative or none on line 2, got 1 of 2; add the "
    "others.",
    HEAD + "<a> = /-1/ one | /1/ two;": "a weight of 0 or more on line 2, got /-1/; write for example /0.5/.",
    HEAD
    + "<a> = one\n} two;": "words, rules and marks on line 3, got '}'; close it, quote it or leave it out.",
    HEAD + "<a> = one --;": "words on line 2, got '--'; leave it out.",
    HEAD
    + "public <a> = <b> one;\n<b> = two <a> | two;": "rules that refer to themselves at their very end only "
    "on line 3, got <a> inside itself; use * or + for repetition.",
    HEAD
    + "public <a> = <a> one | two;": "rules that refer to themselves at their very end only on line 2, got "
    "<a> inside itself; use * or + for repetition.",
    HEAD + "public <a> = one <a>;": "at least one sentence on line 2, got nothing; let the rules come to "
    "an end.",
    HEAD + "public <a> = (one two)* | (one two | one)*;": "rules that can be determinised on line 2, got "
    "ever more paths of one sentence at other weights; take out doubled alternatives.",
    HEAD + "<a> = one two;": "single words as members of <a> on line 2, got several parts in a row; "
    "write for example <digit> = one | two;, or 'public' before a rule of whole sentences.",
    HEAD + "<a> = one | forty-five;": "single words as members of <a> on line 2, got 'forty five'; "
    "write for example <digit> = one | two;, or 'public' before a rule of whole sentences.",
    HEAD
    + "<a> = one;\n<b> = one | two;": "words of one class only on line 3, got 'one' in <a> and <b>; leave it "
    "out of one, or make one class of both.",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_grammar_that_cannot_be_used_is_refused_by_line(text):
    with pytest.raises(ValueError) as error:
        check_grammar(text)
    assert str(error.value) == f"the grammar expected {REFUSED[text]}"


def test_a_rule_that_is_not_defined_is_refused_with_its_line_and_the_nearest_one():
    with pytest.raises(ValueError) as error:
        check_grammar(HEAD + "<digit> = one;\n<a> = <digti>;")
    assert str(error.value) == (
        "unknown rule on line 3 of the grammar 'digti'; did you mean 'digit'? known: digit, a."
    )


def test_rules_that_grow_too_large_are_refused():
    rows = [f"<r{i}> = {f'<r{i + 1}> ' * 10};" for i in range(7)]
    with pytest.raises(
        ValueError, match="rules that come to at most 1000000 states on line 2, got more; write"
    ):
        check_grammar(HEAD + "public " + "\n".join([*rows, "<r7> = one;"]))
