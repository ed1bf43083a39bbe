// node scripts/check-image.mjs ROOT CONFIG: checks the last stage of the image, whose files are under ROOT and whose configuration
// (the Docker format's `config` object, as JSON) is the file CONFIG. Prints every mistake and exits 1 when there is any.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [root = '', configFile = ''] = process.argv.slice(2);
const config = JSON.parse(readFileSync(configFile, 'utf8'));
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const mistakes = [];
const expect = (holds, mistake) => {
  if (!holds) mistakes.push(mistake);
};

const BIN_FOLDERS = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin', 'app/node_modules/.bin'];
const UNWANTED = [
  'npm',
  'npx',
  'corepack',
  'yarn',
  'yarnpkg',
  'pnpm',
  'gcc',
  'g++',
  'cc',
  'c++',
  'clang',
  'make',
  'python3',
  'tsc',
];
for (const folder of BIN_FOLDERS) {
  const present = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  for (const tool of UNWANTED) expect(!present.includes(tool), `/${folder}/${tool} is in the image`);
}
expect(!existsSync(join(root, 'usr/local/lib/node_modules')), '/usr/local/lib/node_modules is in the image');

const app = readdirSync(join(root, 'app')).toSorted();
expect(
  app.join() === ['LICENSE', 'dist', 'node_modules', 'package.json', 'proto'].join(),
  `/app holds ${app.join(', ')}`,
);
for (const name of Object.keys(dependencies)) {
  expect(existsSync(join(root, 'app/node_modules', name)), `the production package ${name} is missing`);
}
for (const [path, { dev }] of Object.entries(packages)) {
  expect(!dev || !existsSync(join(root, 'app', path)), `the development package ${path} is in the image`);
}

const user = /^(?<uid>[1-9]\d*):(?<gid>[1-9]\d*)$/.exec(config.User ?? '');
expect(user !== null, `the user is "${config.User}", not a number other than 0 with its group`);
const writable = statSync(join(root, 'var/lib/muster'));
expect(`${writable.uid}:${writable.gid}` === config.User, 'the data folder belongs to somebody else than the user');
expect(statSync(join(root, 'app')).uid === 0, '/app does not belong to root');

expect(config.Entrypoint?.join(' ') === 'node /app/dist/src/cli/main.js', `the entry point is ${config.Entrypoint}`);
expect(config.Cmd?.join(' ') === 'agent', `the command is ${config.Cmd}`);
expect(config.Env?.includes('NODE_ENV=production'), 'NODE_ENV is not production');
expect(config.Healthcheck?.Test?.[0] === 'CMD', 'the health check is missing, or wants a shell');
for (const port of ['7946/tcp', '8080/tcp']) expect(port in (config.ExposedPorts ?? {}), `${port} is not exposed`);
for (const label of ['title', 'description', 'licenses', 'version', 'revision']) {
  expect(
    config.Labels?.[`org.opencontainers.image.${label}`],
    `the label org.opencontainers.image.${label} is missing`,
  );
}

for (const mistake of mistakes) process.stderr.write(`image: ${mistake}\n`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
