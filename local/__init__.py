"""Airflow on this machine, inside this folder: its settings, one run, or all of its parts with the UI."""
