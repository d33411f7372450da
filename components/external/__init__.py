"""Results made elsewhere, by recipes of any toolkit -> the trials of a study.

sources.py finds the rows: of tables, and of transcripts whose paths say what they are of; columns.py says
what each column is, values.py what is in it; counted.py takes errors as they were counted, scored.py counts
those of transcripts; result_set.py makes trials of the rows and says what can be known from them.
"""
