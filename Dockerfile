# One image for every process; the command says which. Debian, because Temporal's native part needs glibc.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim AS all-packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm cache clean --force

# The pages, built.
FROM all-packages AS pages
COPY tsconfig.json ./
COPY domain domain
COPY web web
RUN node node_modules/vite/bin/vite.js build web

# The simulator, for demonstrations; not part of a deployment.
FROM node:24-bookworm-slim AS simulator
WORKDIR /app
COPY --from=all-packages /app/node_modules node_modules
COPY package.json ./
COPY simulator simulator
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4000
CMD ["node", "simulator/main.ts", "--host", "0.0.0.0", "--port", "4000", "--data", "/data/simulator.db"]

FROM node:24-bookworm-slim AS mailroom
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY activities activities
COPY api api
COPY config config
COPY contract contract
COPY database database
COPY domain domain
COPY encryption encryption
COPY graph graph
COPY ingest ingest
COPY process process
COPY temporal temporal
COPY worker worker
COPY workflows workflows
COPY --from=pages /app/dist/web dist/web
USER node
EXPOSE 3000
# Also: node worker/main.ts · node database/migrate.ts
CMD ["node", "api/main.ts"]
