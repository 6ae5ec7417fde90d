const factory = require('@backstage/cli/config/eslint-factory');

const config = factory(__dirname);
const [level, { paths, patterns }] = config.rules['no-restricted-imports'];

const WITHOUT_REACT = {
  group: [
    'react',
    'react-*',
    'react/**',
    '@material-ui/**',
    '@backstage/core-components',
    '**/components/**',
  ],
  message:
    'terminal/ is plain TypeScript: it is tested and used without React.',
};

const API_REF_ONLY = {
  name: '@kubernetes-access/backstage-plugin-kubernetes-access-common',
  importNames: ['KubernetesAccessClient'],
  message:
    'Components use kubernetesAccessApiRef, so that apps and tests can put another API in its place.',
};

module.exports = {
  ...config,
  overrides: [
    ...config.overrides,
    {
      // Only tests and dev/ import them, so that development dependencies will do.
      files: ['src/testUtils/**'],
      rules: { '@backstage/no-undeclared-imports': 'off' },
    },
    // These replace the list of the factory, so that it is repeated in them.
    {
      files: ['src/components/**/*.ts?(x)', 'src/hooks/**/*.ts?(x)'],
      rules: {
        'no-restricted-imports': [
          level,
          {
            paths: [...paths, API_REF_ONLY],
            patterns: patterns.map(pattern => ({ group: [pattern] })),
          },
        ],
      },
    },
    {
      files: ['src/terminal/**/*.ts', 'src/terminal/**/*.tsx'],
      rules: {
        'no-restricted-imports': [
          level,
          {
            paths,
            patterns: [
              ...patterns.map(pattern => ({ group: [pattern] })),
              WITHOUT_REACT,
            ],
          },
        ],
      },
    },
  ],
};
