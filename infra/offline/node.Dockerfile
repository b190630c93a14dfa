# Stand-in for node:24-trixie-slim; the context is a node_modules with npm's packages `node` and `npm`.
FROM debian:trixie-slim
RUN useradd --uid 1000 --user-group --create-home --shell /bin/bash node
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && node --version && npm --version
CMD ["node"]
