const factory = require('@backstage/cli/config/eslint-factory');
const importDirections = require('./importDirections');

const config = factory(__dirname);
const [level, { paths, patterns }] = config.rules['no-restricted-imports'];

const SOURCES = ['src/**/*.ts'];
// A test may look everywhere.
const TESTS = ['**/*.test.ts', 'src/testUtils/**', 'src/tests/**'];

const CLIENT_NODE = {
  name: '@kubernetes/client-node',
  message:
    'Only kubernetes/ imports it: use the KubeClient of that folder instead.',
};
const COMMON = {
  group: ['@kubernetes-access/*'],
  message: 'controller/ knows nothing of access requests.',
};

module.exports = {
  ...config,
  settings: {
    ...config.settings,
    // Without it, import/no-restricted-paths finds nothing in TypeScript.
    'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
  },
  overrides: [
    ...config.overrides,
    {
      files: SOURCES,
      excludedFiles: TESTS,
      rules: {
        'import/no-restricted-paths': [
          'error',
          { basePath: __dirname, zones: importDirections },
        ],
      },
    },
    {
      files: TESTS,
      rules: {
        // A function of a test's own that expects is called so.
        'jest/expect-expect': [
          'warn',
          { assertFunctionNames: ['expect*', '**.expect*'] },
        ],
      },
    },
    {
      // These rules know other names for the folders of what helps tests.
      files: ['src/testUtils/**'],
      rules: {
        '@backstage/no-undeclared-imports': 'off',
        'jest/no-standalone-expect': 'off',
      },
    },
    // Each of these replaces the list of the factory, so that it is repeated in them.
    {
      files: SOURCES,
      excludedFiles: [...TESTS, 'src/kubernetes/**'],
      rules: {
        'no-restricted-imports': [
          level,
          { paths: [...paths, CLIENT_NODE], patterns },
        ],
      },
    },
    {
      files: ['src/controller/**/*.ts'],
      excludedFiles: TESTS,
      rules: {
        'no-restricted-imports': [
          level,
          {
            paths: [...paths, CLIENT_NODE],
            patterns: [
              ...patterns.map(pattern => ({ group: [pattern] })),
              COMMON,
            ],
          },
        ],
      },
    },
  ],
};
