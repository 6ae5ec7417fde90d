/** Something that must be nowhere, under a name that may be shown. */
export interface Secret {
  name: string;
  value: string;
}

/** Somewhere to look, under a name that says where. */
export interface Place {
  name: string;
  content: string | Buffer;
}

/** What is found where: `<secret> as <form> in <place>`. Never the value. */
export function findSecrets(secrets: Secret[], places: Place[]): string[] {
  const needles = secrets.flatMap(({ name, value }) => {
    if (value.length < 12) {
      throw new Error(`'${name}' is too short to be looked for`);
    }
    return formsOf(value).map(([form, text]) => ({
      label: `${name} as ${form}`,
      bytes: Buffer.from(text),
    }));
  });
  return places.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content);
    return needles
      .filter(needle => bytes.includes(needle.bytes))
      .map(({ label }) => `${label} in ${name}`);
  });
}

/** How a value may look where it was passed on. */
function formsOf(value: string): Array<[form: string, text: string]> {
  const hex = Buffer.from(value).toString('hex');
  const escaped = JSON.stringify(value).slice(1, -1);
  const forms: Array<[string, string]> = [
    ['it is', value],
    ['JSON', escaped],
    ['JSON in JSON', JSON.stringify(escaped).slice(1, -1)],
    ['part of a URL', encodeURIComponent(value)],
    ['hex', hex],
    ['hex', hex.toLocaleUpperCase('en-US')],
    ...[0, 1, 2].flatMap((before): Array<[string, string]> => {
      const text = base64Behind(value, before);
      return [
        ['base64', text],
        ['base64', text.replace(/\+/g, '-').replace(/\//g, '_')],
      ];
    }),
  ];
  return forms.filter(
    ([, text], place) => forms.findIndex(form => form[1] === text) === place,
  );
}

/** The characters that a value has in any base64 of a text in which so many bytes (modulo three) stand before it. */
function base64Behind(value: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  const text = bytes.toString('base64').replace(/=+$/, '');
  const first = Math.ceil((before * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return text.slice(first, last);
}
