# The bot in a small image: one stage builds the environment, the other only runs it.
#
#   docker build --tag reelroom .
#   docker run --rm reelroom check
#
# Data lives in /data (a volume), configuration in /config (mount your own over it), secrets come from the environment.

ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Dependencies first: they change seldom, so this layer is nearly always found again.
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/reelroom \
    && python -m pip --python /opt/reelroom/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements.lock
COPY pyproject.toml README.md ./
COPY bot ./bot
RUN python -m pip --python /opt/reelroom/bin/python install --no-deps --no-build-isolation .

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin reelroom \
    && install --directory --owner=reelroom --group=reelroom --mode=0700 /data
COPY --from=build /opt/reelroom /opt/reelroom
COPY config /config
# PYTHONSAFEPATH: the working folder holds data, and nothing is ever imported from there.
ENV PATH=/opt/reelroom/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONFAULTHANDLER=1 \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1
# Every command looks for config/ and data/ in the working folder: here these are /config and /data.
WORKDIR /
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8420/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
