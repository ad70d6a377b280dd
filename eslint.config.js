import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Data goes one way. Each row may import from the rows above it; layers in one row do not know each other. */
const ROWS = [
  ['lib'],
  ['core'],
  ['model'],
  ['formats', 'engine', 'data'],
  ['session'],
  ['ui', 'export'],
  ['panels'],
  ['app'],
];

const ADVICE = {
  formats: 'Formats only turn bytes into named arrays: let the session hand the result on.',
  engine: 'Only the session talks to the engine: take pixels and numbers from `session.generator`.',
  data: 'Images become batches in src/data: let the session hand them on.',
  session: 'Lower layers do not know the session: pass what they need as an argument.',
  ui: 'UI may be imported by panels and app only.',
  export: 'Export is loaded by panels, when it is used.',
  panels:
    'A panel is found by the app, and panels meet in the session (shelf, URL), not in each other.',
  app: 'The app composes; nothing imports it but main.tsx.',
};

const TENSORFLOW_RULE = {
  regex: '^@tensorflow/',
  message: 'src/engine is the only importer of TF.js: ask the engine through its api.ts instead.',
};

/** `../engine/api` seen from any depth inside another layer. */
function layerPattern(layer) {
  return {
    regex: `^(\\.\\./)+${layer}(/|$)`,
    message: `This layer lies left of (or beside) ${layer}: see the order of layers in docs/architecture.md. ${ADVICE[layer] ?? ''}`,
  };
}

function layerRules() {
  return ROWS.flatMap((row, index) =>
    row.map((layer) => {
      const forbidden = [...ROWS.slice(index).flat()].filter((other) => other !== layer);
      const react = index < ROWS.findIndex((names) => names.includes('ui'));
      const patterns = forbidden.map(layerPattern);
      if (layer !== 'engine') patterns.push(TENSORFLOW_RULE);
      if (react) {
        patterns.push({
          regex: '^(react|react-dom|radix-ui|@dnd-kit)(/|$)',
          message: 'React lives in ui, panels and app; this layer works without it.',
        });
      }
      if (layer === 'panels') {
        patterns.push({
          regex:
            '^\\.\\./(?!\\.\\./|(lib|core|model|formats|engine|data|session|ui|export)/)[^/]+/',
          message: ADVICE.panels,
        });
      }
      return {
        files: [`src/${layer}/**/*.{ts,tsx}`],
        rules: { 'no-restricted-imports': ['error', { patterns }] },
      };
    }),
  );
}

const DOM_FREE = ['lib', 'core', 'model', 'formats'].map((layer) => `src/${layer}/**/*.ts`);

export default tseslint.config(
  {
    ignores: [
      'dist*',
      'node_modules',
      'public',
      'pretrain',
      'test-results',
      'playwright-report',
      'coverage',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { ...globals.node } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-properties': [
        'error',
        ...['dataSync', 'arraySync'].map((property) => ({
          property,
          message: 'Blocks until the GPU is done: await data() or array() instead.',
        })),
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/{ui,panels,app}/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules },
  },
  ...layerRules(),
  {
    files: DOM_FREE,
    rules: {
      'no-restricted-globals': [
        'error',
        ...['document', 'window', 'localStorage', 'HTMLElement'].map((name) => ({
          name,
          message: 'This layer runs without a DOM (workers, Node tests): pass in what is needed.',
        })),
      ],
    },
  },
  {
    files: ['{e2e,bench,scripts}/**/*.{ts,mjs}'],
    rules: { 'no-console': 'off' },
  },
);
