# Airflow and Badia's other dependencies, from the same lock file as on a laptop. Code is mounted, not copied.
FROM python:3.12-slim-bookworm
RUN useradd --uid 50000 --gid 0 --create-home airflow \
    && mkdir -p /opt/badia /opt/airflow /lake && chown airflow:0 /opt/badia /opt/airflow /lake
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt
USER airflow
WORKDIR /opt/badia
ENV AIRFLOW_HOME=/opt/airflow PYTHONPATH=/opt/badia PYTHONUNBUFFERED=1
ENTRYPOINT ["airflow"]
