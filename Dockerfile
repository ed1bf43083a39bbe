# Any image with Node.js 20.19 or later and npm under /usr/local, as the official ones have them.
ARG NODE_IMAGE=docker.io/library/node:24-slim

# A registry that wants a configuration of its own gets it as a secret: --secret id=npmrc,src=$HOME/.npmrc. It is in no layer.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY proto ./proto
COPY src ./src
COPY sim ./sim
RUN npm run build

FROM ${NODE_IMAGE} AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE} AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="muster" \
      org.opencontainers.image.description="Cluster membership by gossip: every cluster knows all the others." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# What installs software has no business beside a running daemon. The data folder belongs to the daemon's user, so that a volume
# mounted there does too; nothing else of the image can be written by it.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include/node /opt/yarn-* /root/.npm \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
    && mkdir -p /var/lib/muster \
    && chown 65532:65532 /var/lib/muster

WORKDIR /app
COPY package.json LICENSE ./
COPY proto ./proto
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

# A container is reached from outside through its own address, so both servers listen on all of them. Who starts it says who may read
# the memberlist: with MUSTER_HTTP_TOKEN_FILE, MUSTER_HTTP_OIDC_ISSUER, or MUSTER_HTTP_INSECURE=true for everybody. A node that keeps a snapshot
# gets a volume at /var/lib/muster and MUSTER_DATA_DIR=/var/lib/muster; without it nothing is ever written.
# One malloc arena, as glibc keeps free memory for each: several MiB for the few threads here. And glibc's thresholds stay where they are at
# first; else one large piece of memory raises them, and what is free goes back to the kernel later or not at all.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072 \
    MUSTER_GOSSIP_BIND=0.0.0.0:7946 \
    MUSTER_HTTP_BIND=0.0.0.0:8080
EXPOSE 7946 8080
USER 65532:65532
STOPSIGNAL SIGTERM

# Follows MUSTER_HTTP_BIND and MUSTER_HTTP_TLS_CERT; who sets these by flag or file sets the variables as well. It asks loopback, so
# it need not check whose certificate that is.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch((process.env.MUSTER_HTTP_TLS_CERT ? 'https://' : 'http://') + (process.env.MUSTER_HTTP_BIND || '127.0.0.1:8080').replace('0.0.0.0:', '127.0.0.1:').replace('[::]:', '[::1]:') + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["agent"]
