import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from '../api/openapi/document';
import { renderApi } from './apiReference';

const FILE = resolve(__dirname, '../../../../docs/api.md');

describe('docs/api.md', () => {
  it('is what the OpenAPI document says: run `yarn write-api` in this package after a change', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(renderApi());
  });

  it('has every call', () => {
    const calls = Object.values(openApiDocument.paths).flatMap(methods =>
      Object.values(methods),
    );
    expect(renderApi().match(/^## `/gm)).toHaveLength(calls.length);
  });
});
