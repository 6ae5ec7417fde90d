import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderCrd } from './renderCrd';

const CRD_FILE = resolve(
  __dirname,
  '../../../helm/kubernetes-access/templates/crd.yaml',
);

writeFileSync(CRD_FILE, renderCrd());
process.stdout.write(`Wrote ${CRD_FILE}\n`);
