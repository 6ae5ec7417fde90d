import { gzipSync } from 'node:zlib';
import { findSecrets } from './findSecrets';

const value = 'pa$$word?with "signs" ü';
const secrets = [{ name: 'the secret', value }];
const found = (content: string | Buffer) =>
  findSecrets(secrets, [{ name: 'here', content }]);

describe('looking for secrets', () => {
  it.each([
    ['it is', `before ${value} behind`],
    ['JSON', JSON.stringify({ deep: [value] })],
    ['JSON in JSON', JSON.stringify({ text: JSON.stringify({ value }) })],
    ['part of a URL', `?q=${encodeURIComponent(value)}&b`],
    ['hex', Buffer.from(`x${value}x`).toString('hex')],
  ])('finds one as %s', (form, content) => {
    expect(found(content)).toContain(`the secret as ${form} in here`);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'finds one in base64, %i bytes from its beginning',
    before => {
      const text = Buffer.from(`${'x'.repeat(before)}${value}, and more`);
      expect(found(text.toString('base64'))).toContain(
        'the secret as base64 in here',
      );
      expect(found(text.toString('base64url'))).not.toEqual([]);
    },
  );

  it('finds nothing where there is nothing, and nothing in what is compressed', () => {
    expect(found('pa$$word?with')).toEqual([]);
    expect(found(gzipSync(value.repeat(100)))).toEqual([]);
  });

  it('refuses to look for what is everywhere', () => {
    expect(() => findSecrets([{ name: 'short', value: 'a' }], [])).toThrow(
      'too short',
    );
  });
});
