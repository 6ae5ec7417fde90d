import { createDevApp } from '@backstage/frontend-dev-utils';
import { catalogPlugin } from './catalogPlugin';
import { samplePlugin } from './samplePlugin';

// The plugin on sample data, without a back end: /catalog and /kubernetes-access.
// Be somebody else with ?as=olga; who you are lasts as long as the browser's tab.
createDevApp({ features: [catalogPlugin, samplePlugin] });
