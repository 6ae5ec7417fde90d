import { openApiDocument } from '../api/openapi/document';

const INTRODUCTION = `<!-- Written by plugins/kubernetes-access-backend/scripts/write-api.ts from src/api/openapi/document.ts: change that, not this. -->

# HTTP API

Everything that the pages do, for scripts and other plugins. It lies below \`/api/kubernetes-access\`. Every call acts in the name of the signed-in user whose Backstage token it carries; services cannot call it.

\`\`\`sh
curl -H "Authorization: Bearer $TOKEN" "$BACKSTAGE/api/kubernetes-access/requests?scope=mine"
\`\`\`

In TypeScript, \`KubernetesAccessClient\` of \`@kubernetes-access/backstage-plugin-kubernetes-access-common\` has a method for each call, named as below, and the types of what goes in and comes out.

- What does not exist for the caller is answered with 404, whether it exists or not. [The decision table](decision-table.md) says who gets which answer when.
- Errors are Backstage's: \`{ "error": { "name", "message" } }\`, where the message is for people.
- Unknown fields and parameters are refused with 400.
- Lists are paged: \`nextCursor\` of one answer is \`cursor\` of the next call.
- Deciding carries the \`digest\` of the request that was seen, so that nobody approves something else.
- Asking may carry an \`Idempotency-Key\`: whoever repeats the call gets the first one's request.
- A terminal is a WebSocket at the \`path\` that \`openSession\` answers with, opened once, within thirty seconds, with the subprotocols \`v1.session.kubernetes-access.io\` and \`ticket.<the ticket>\`, from an allowed origin.
`;

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  description?: string;
}

type Content = Record<string, { schema: Schema }>;

interface Operation {
  operationId: string;
  description: string;
  parameters?: ReadonlyArray<Parameter | { $ref: string }>;
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

const paths: Record<string, Record<string, Operation>> = openApiDocument.paths;
const schemas: Record<string, Schema> = openApiDocument.components.schemas;

/** The OpenAPI document as a page of the documentation. */
export function renderApi(): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      renderOperation(`${method.toUpperCase()} ${path}`, operation),
    ),
  );
  return `${[INTRODUCTION, ...operations].join('\n').trimEnd()}\n`;
}

function renderOperation(call: string, operation: Operation): string {
  const parameters = (operation.parameters ?? [])
    .filter((each): each is Parameter => 'name' in each)
    .filter(each => each.in !== 'path');
  const fields = fieldsOf(operation.requestBody?.content);
  return [
    `## \`${call}\``,
    '',
    `\`${operation.operationId}\`: ${operation.description}.`.replace(
      /\.\.$/,
      '.',
    ),
    '',
    ...table(
      parameters.map(({ name, in: where, required, schema, description }) => [
        `\`${name}\``,
        where,
        typeOf(schema),
        required ? 'yes' : '',
        description ?? '',
      ]),
    ),
    ...table(fields),
    ...Object.entries(operation.responses)
      .filter(([status]) => status !== 'default')
      .map(([status, { description, content }]) =>
        `${status}: ${description}${answerOf(content)}.`.replace(/\.\.$/, '.'),
      ),
    '',
  ].join('\n');
}

function fieldsOf(content: Content | undefined): string[][] {
  const schema = resolve(content?.['application/json']?.schema);
  return Object.entries(schema?.properties ?? {}).map(([name, field]) => [
    `\`${name}\``,
    'body',
    typeOf(field),
    schema?.required?.includes(name) ? 'yes' : '',
    field.description ?? '',
  ]);
}

function answerOf(content: Content | undefined): string {
  const [type, { schema }] = Object.entries(content ?? {})[0] ?? ['', {}];
  const name = nameOf(schema);
  if (name) {
    return ` (\`${name}\`)`;
  }
  return type ? ` (\`${type}\`)` : '';
}

function typeOf(schema: Schema): string {
  const { type, items } = schema;
  const name = nameOf(schema);
  if (name) {
    return `\`${name}\``;
  }
  const values = schema.enum ?? (schema.const ? [schema.const] : undefined);
  if (values) {
    return values.map(value => `\`${value}\``).join(', ');
  }
  if (items) {
    return `list of ${typeOf(items)}`;
  }
  const bounds = [
    schema.minimum === undefined ? '' : `from ${schema.minimum}`,
    schema.maximum === undefined ? '' : `to ${schema.maximum}`,
    schema.maxLength === undefined
      ? ''
      : `at most ${schema.maxLength} characters`,
  ].filter(Boolean);
  return bounds.length > 0 ? `${type}, ${bounds.join(' ')}` : `${type}`;
}

function table(rows: string[][]): string[] {
  if (rows.length === 0) {
    return [];
  }
  const header = ['Name', 'In', 'Type', 'Demanded', ''];
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map(row => row[column].length)),
  );
  const line = (cells: string[]) =>
    `| ${cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join(' | ')} |`;
  return [
    line(header),
    line(widths.map(width => '-'.repeat(width))),
    ...rows.map(line),
    '',
  ];
}

function resolve(schema: Schema | undefined): Schema | undefined {
  const name = nameOf(schema);
  return name ? schemas[name] : schema;
}

function nameOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.split('/').at(-1);
}
