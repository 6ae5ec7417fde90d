import { readFileSync } from 'node:fs';
import ts from 'typescript';

const INTRODUCTION = `<!-- Written by plugins/kubernetes-access-backend/scripts/write-configuration.ts from config.d.ts: change that, not this. -->

# Configuration

Everything below \`kubernetesAccess\` in \`app-config.yaml\`. The back end reads it when it starts and refuses to start with a key or a value that it does not know; \`yarn backstage-cli config:check --lax --strict\` says so before. Durations are written like \`30m\`, \`PT30M\` or \`{ minutes: 30 }\`, people and teams as full entity refs like \`group:default/payments\`.
`;

/** One key of the configuration. */
interface Key {
  path: string;
  type: string;
  /** What it is, in Markdown, without its default. */
  text: string;
  /** What holds where it is not given, in words. */
  default?: string;
  isSecret: boolean;
  keys: Key[];
}

const flat = (keys: Key[]): Key[] =>
  keys.flatMap(key => [key, ...flat(key.keys)]);

const code = (text: string) => `\`${text}\``;

const withDefault = ({ text, default: value }: Key) =>
  value ? `${text} Default: ${value}.` : text;

/** The keys of config.d.ts as a page of the documentation. */
export function renderConfiguration(schemaFile: string): string {
  const source = ts.createSourceFile(
    schemaFile,
    readFileSync(schemaFile, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const config = source.statements.find(ts.isInterfaceDeclaration);
  if (!config) {
    throw new Error(`${schemaFile} declares no interface`);
  }
  const [root] = keysOf(config.members, '');
  const plain = root.keys.filter(({ keys }) => keys.length === 0);
  const sections = root.keys.filter(({ keys }) => keys.length > 0);
  const pages = [
    [INTRODUCTION, ...table(plain)],
    ...sections.map(section => [
      `## ${code(section.path)}`,
      '',
      ...(section.text ? [withDefault(section), ''] : []),
      ...table(flat(section.keys)),
    ]),
  ];
  return `${pages.map(page => page.join('\n')).join('\n\n')}\n`;
}

function keysOf(members: ts.NodeArray<ts.TypeElement>, path: string): Key[] {
  return members.filter(ts.isPropertySignature).map(member => {
    const name = [path, member.name.getText()].filter(Boolean).join('.');
    const { list, node } = elementOf(member.type);
    const comment = commentOf(member);
    return {
      path: list ? `${name}[]` : name,
      type: node && ts.isTypeLiteralNode(node) ? '' : typeOf(member.type),
      ...comment,
      keys:
        node && ts.isTypeLiteralNode(node)
          ? keysOf(node.members, list ? `${name}[]` : name)
          : [],
    };
  });
}

/** What a list is of: only lists of objects have keys of their own. */
function elementOf(type?: ts.TypeNode): { list: boolean; node?: ts.TypeNode } {
  return type &&
    ts.isTypeReferenceNode(type) &&
    type.typeName.getText() === 'Array'
    ? { list: true, node: type.typeArguments?.[0] }
    : { list: false, node: type };
}

function typeOf(type?: ts.TypeNode): string {
  const text = type?.getText() ?? '';
  return text === 'HumanDuration | string'
    ? 'duration'
    : text.replaceAll("'", '').replaceAll('|', 'or').replace('[]', ' list');
}

function commentOf(
  member: ts.Node,
): Pick<Key, 'text' | 'default' | 'isSecret'> {
  const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const comment = ts.getTextOfJSDocComment(doc?.comment) ?? '';
  const words = comment.replace(/\s+/g, ' ').trim();
  const [, text, value] = /^(.*?)\s*(?:Default: (.*))?$/.exec(words) ?? [];
  const [first, ...rest] = value?.split(/(?<=\.) /) ?? [];
  return {
    text: [text, ...rest].filter(Boolean).join(' '),
    default: first?.replace(/\.$/, ''),
    isSecret:
      doc?.tags?.some(
        tag =>
          tag.tagName.text === 'visibility' &&
          ts.getTextOfJSDocComment(tag.comment) === 'secret',
      ) ?? false,
  };
}

function table(keys: Key[]): string[] {
  const rows = keys.map(key => [
    code(key.path.replace(/^kubernetesAccess\./, '')),
    key.type,
    [key.text, key.isSecret ? 'Secret.' : ''].filter(Boolean).join(' '),
    key.default ?? '',
  ]);
  const lines = [['Key', 'Type', 'What it is', 'Default'], ...rows];
  const widths = lines[0].map((_, column) =>
    Math.max(...lines.map(cells => cells[column].length)),
  );
  const line = (cells: string[]) =>
    `| ${cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join(' | ')} |`;
  return [
    line(lines[0]),
    line(widths.map(width => '-'.repeat(width))),
    ...rows.map(line),
  ];
}
