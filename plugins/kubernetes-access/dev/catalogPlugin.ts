import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import { ApiBlueprint } from '@backstage/frontend-plugin-api';
import realCatalogPlugin from '@backstage/plugin-catalog/alpha';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { entities } from './entities';

/** The catalog's own pages on a catalog in memory. */
export const catalogPlugin = realCatalogPlugin.withOverrides({
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: catalogApiRef,
          deps: {},
          factory: () => new InMemoryCatalogClient({ entities }),
        }),
    }),
  ],
});
