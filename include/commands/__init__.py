"""The command line: one module per command, each the same call into the stages that a DAG task makes."""
