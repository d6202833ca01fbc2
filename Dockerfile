# Citadel with its model and an index of source_texts/; needs no network when it runs.
#
#   docker build -t citadel .
#   docker run --read-only --tmpfs /tmp --memory 4g --cpus 2 -p 127.0.0.1:7860:7860 citadel

FROM python:3.13-slim AS build
WORKDIR /srv/citadel
RUN python -m venv /opt/citadel
ENV PATH=/opt/citadel/bin:$PATH \
    PIP_CONSTRAINT=/srv/citadel/constraints.txt \
    PIP_BUILD_CONSTRAINT=/srv/citadel/constraints.txt \
    PIP_NO_CACHE_DIR=1
COPY pyproject.toml constraints.txt serving.txt README.md LICENSE ./
COPY citadel citadel
COPY index index
COPY qa qa
COPY evaluation evaluation
COPY source_texts source_texts
RUN pip install --no-deps --requirement serving.txt \
    && pip install --no-deps --editable . \
    && citadel-index build --index-dir /srv/citadel/index-of-sources

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin citadel \
    && install --directory --owner 10001 /var/lib/citadel
COPY --from=build /opt/citadel /opt/citadel
COPY --from=build /srv/citadel /srv/citadel
ENV PATH=/opt/citadel/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CITADEL_INDEX_DIR=/srv/citadel/index-of-sources
# An empty folder: nothing that the program reads or writes lies next to it.
WORKDIR /tmp
USER 10001
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["citadel", "serve", "--host", "0.0.0.0"]
