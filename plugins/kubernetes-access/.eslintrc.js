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

module.exports = {
  ...config,
  overrides: [
    ...config.overrides,
    {
      // Only tests and dev/ import them, so that development dependencies will do.
      files: ['src/testUtils/**'],
      rules: { '@backstage/no-undeclared-imports': 'off' },
    },
    // It replaces the list of the factory, so that this is repeated in it.
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
