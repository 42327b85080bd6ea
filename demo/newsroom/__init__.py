"""A small web of fictional outlets, served on this machine only.

Every incident, person, quotation and outlet is invented; towns and armed actors have their real, general names. What the
outlets report of February to April 2022 is in the Markdown files beside this module, one an article; how each outlet
publishes is in `outlets.yaml`. Each tells its news in its own manner:

- the Steppe Observatory for Human Rights, a monitor that breaks up words against platform filters and keeps running tallies;
- Orontes Wire, an agency with datelines, hedges and corrections;
- the Khabur Gazette, which republishes the agency and adds short pieces of its own;
- The Daily Sandstorm, a tabloid that is early, loud and wrong.
"""
