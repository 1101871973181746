# Ringside in a container: built in one, run in a small one that holds the program, the libraries it needs and nothing to build with.
#
#   docker build --tag ringside:0.1.0 .
#
# Every version is exact. Debian removes a package's old version when it publishes a new one: then the build ends with the name of the
# package, and the number below is raised.

FROM swift:6.3.1-bookworm AS build

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libssl-dev=3.0.19-1~deb12u2 \
        zlib1g-dev=1:1.2.13.dfsg-1 \
        libsqlite3-dev=3.40.1-2+deb12u2 \
        libpq-dev=15.20-0+deb12u1 \
        libhiredis-dev=0.14.1-3 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /source
COPY Package.swift Package.resolve[d] ./
COPY Sources ./Sources
# The package names its tests, and is not one without them.
COPY Tests ./Tests
RUN swift build --configuration release --product ringside --explicit-target-dependency-import-check error

# The program, and those libraries of the toolchain that it was linked with.
RUN mkdir -p /image/bin /image/lib \
    && install --mode 755 "$(swift build --configuration release --show-bin-path)/ringside" /image/bin/ringside \
    && ldd /image/bin/ringside | awk '$3 ~ /\/swift\/linux\// { print $3 }' | xargs cp --target-directory /image/lib

# What stands around the nodes in compose.yaml: Debian's packages, with its fixes, in the versions that the tests run with.
FROM debian:12.11-slim AS nginx
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl=7.88.1-10+deb12u14 nginx=1.22.1-9+deb12u11 \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/nginx.conf /etc/nginx/nginx.conf
CMD ["nginx", "-g", "daemon off; error_log stderr warn;"]

FROM debian:12.11-slim AS redis
RUN apt-get update \
    && apt-get install --yes --no-install-recommends redis-server=5:7.0.15-1~deb12u10 redis-tools=5:7.0.15-1~deb12u10 \
    && rm -rf /var/lib/apt/lists/*
USER redis
CMD ["redis-server", "--save", "", "--appendonly", "no"]

FROM debian:12.11-slim AS ringside

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates=20230311+deb12u1 \
        libgcc-s1=12.2.0-14+deb12u1 \
        libhiredis0.14=0.14.1-3 \
        libpq5=15.20-0+deb12u1 \
        libsqlite3-0=3.40.1-2+deb12u2 \
        libssl3=3.0.19-1~deb12u2 \
        libstdc++6=12.2.0-14+deb12u1 \
        tzdata=2025b-0+deb12u2 \
        zlib1g=1:1.2.13.dfsg-1 \
    && rm -rf /var/lib/apt/lists/* \
    && adduser --system --group --uid 990 --no-create-home --home /var/lib/ringside ringside \
    && install --directory --mode 700 --owner ringside --group ringside /var/lib/ringside

COPY --from=build /image/bin/ringside /usr/local/bin/ringside
COPY --from=build /image/lib /usr/local/lib/ringside
RUN echo /usr/local/lib/ringside >/etc/ld.so.conf.d/ringside.conf && ldconfig && ringside --help >/dev/null

USER ringside
# For one node on SQLite; several nodes are told of another database.
VOLUME /var/lib/ringside
WORKDIR /var/lib/ringside
ENV RINGSIDE_HOST=0.0.0.0 \
    RINGSIDE_PORT=8080 \
    RINGSIDE_DATABASE=sqlite:///var/lib/ringside/ringside.sqlite
EXPOSE 8080 3001

# Ready, and not only alive: a node that drains is to get no more requests.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: node\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]

# The drain's 30 seconds, the same for jobs, and then some: give `docker stop` 90 seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["ringside"]
CMD ["serve"]
