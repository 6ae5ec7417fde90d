import type { ApiRouter } from '@backstage/backend-openapi-utils';
import type { openApiDocument } from './openapi/document';

/** The router of the API with the document's types. */
export type Api = ApiRouter<typeof openApiDocument>;
