import { act } from './commands';

act(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`dev-cluster: ${error.message}\n`);
  process.exitCode = 1;
});
