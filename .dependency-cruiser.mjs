/** Packages of commands and tests: no container that serves runs them, so all that they depend on is for development. */
const tools = 'autoscaler|browser|capacity|chaos|checklist|cluster|command|docker|lab|report|schemathesis';

/**
 * The direction of imports: routes → service → repository → database, and apps never know each other.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'routes-never-see-sql',
      comment: 'Routes own schema and status; what they read or write they ask a repository or service for.',
      severity: 'error',
      from: { path: '\\.routes\\.ts$' },
      to: { path: ['drizzle-orm', '^packages/database/src/schema', 'node_modules/pg/'] },
    },
    {
      name: 'services-know-nothing-of-http',
      comment: 'A rule can be read, and tested, without the framework.',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: ['node_modules/fastify', 'node_modules/@fastify', '\\.routes\\.ts$', '\\.plugin\\.ts$'] },
    },
    {
      name: 'repositories-import-nothing-above',
      severity: 'error',
      from: { path: '\\.repository\\.ts$' },
      to: { path: ['\\.service\\.ts$', '\\.routes\\.ts$', '\\.plugin\\.ts$', 'node_modules/fastify'] },
    },
    {
      name: 'apps-share-only-packages',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'packages-know-no-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'plugins-know-no-feature',
      comment:
        'apps/api/src/plugins holds what every request passes: features import plugins, never the reverse.',
      severity: 'error',
      from: { path: '^apps/api/src/plugins/' },
      to: { path: '^apps/api/src/[^/]+/', pathNot: '^apps/api/src/plugins/' },
    },
    {
      name: 'features-import-each-other-one-way',
      comment: 'No two features of the API import each other, directly or through a third one.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^apps/api/src/[^/]+' },
      to: { circular: true, viaOnly: { path: '^apps/api/src/[^/]+' } },
    },
    {
      name: 'production-imports-no-test-code',
      severity: 'error',
      from: {
        path: '^(apps|packages)/',
        // The control room watches a topology from outside and strikes it with the faults of the chaos tests.
        pathNot: [
          '\\.test\\.ts$',
          '^packages/(chaos|testing)/',
          '^apps/[^/]+/testing/',
          '^apps/control-room/',
        ],
      },
      to: { path: ['\\.test\\.ts$', '^packages/(chaos|testing)/', '^apps/[^/]+/testing/'] },
    },
    {
      name: 'rooms-share-only-packages',
      comment:
        'Commands, benchmarks and tests import packages, never each other: what two of them need is a package.',
      severity: 'error',
      from: { path: '^(cli|bench|labs|tests|deploy|infra)/' },
      to: { path: '^(cli|bench|labs|tests|deploy|infra|apps)/', pathNot: '^$1/' },
    },
    {
      name: 'apps-and-packages-know-no-room',
      severity: 'error',
      from: { path: '^(apps|packages)/' },
      to: { path: '^(cli|bench|labs|tests|deploy|infra)/' },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: ['^apps/', '^packages/(?!contracts)'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'production-uses-no-development-dependency',
      severity: 'error',
      from: {
        path: '^(apps|packages)/[^/]+/src',
        pathNot: ['\\.test\\.ts$', `^packages/(testing|${tools})/`, '^apps/control-room/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The peers have dependencies of their own, which only their images contain.
    exclude: { path: ['/dist/', '^bench/peers/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
