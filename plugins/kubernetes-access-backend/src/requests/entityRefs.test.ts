import { readEntityRef, readUserRef } from './entityRefs';

describe('the ref of a user', () => {
  it.each([
    ['user:default/ada', 'user:default/ada'],
    ['User:DEFAULT/Ada', 'user:default/ada'],
    ['user:team-1/ada.b_c-d', 'user:team-1/ada.b_c-d'],
    ['user:default/ada@example.com', 'user:default/ada@example.com'],
  ])('%j is %j', (ref, normalised) => {
    expect(readUserRef(ref)).toBe(normalised);
  });

  it.each([
    'ada',
    'user:ada',
    'default/ada',
    'group:default/payments',
    'user:default/ada ',
    ' user:default/ada',
    'user:default/ada\n',
    'user:default/ada\u0000',
    'user:default/ad\u0430', // Cyrillic
    'user:default/\uff41da', // wide
    'user:default/\u212aim', // the sign of kelvin, which is a k in lower case
    'user:default/\u0130da',
    'user:default/a\u200bda',
    'user:default/ada/b',
    'user:default:x/ada',
    'user:/ada',
    'user:default/',
    '',
  ])('%j is none', ref => {
    expect(readUserRef(ref)).toBeUndefined();
  });
});

describe('the ref of an entity', () => {
  it.each([
    ['Component:Payments-API', 'component:default/payments-api'],
    ['component:default/größe', 'component:default/größe'],
    [
      `component:default/${'x'.repeat(253)}`,
      `component:default/${'x'.repeat(253)}`,
    ],
  ])('%j is %j', (ref, normalised) => {
    expect(readEntityRef(ref)).toBe(normalised);
  });

  it.each([
    ':::',
    'a',
    '',
    'component:default/a b',
    'component:default/a\nb',
    'component:default/a\u0000b',
    'component:default/a\u202eb',
    'component:default/a/b',
    '../../etc',
    `component:default/${'x'.repeat(500)}`,
  ])('%j is none', ref => {
    expect(() => readEntityRef(ref)).toThrow('is not an entity ref');
  });

  it('is quoted on one line and shortened', () => {
    expect(() => readEntityRef(`a\n\u001b[31m${'x'.repeat(1000)}`)).toThrow(
      /^'a�\uFFFD?\[31mx{90,}…' is not an entity ref/,
    );
  });
});
