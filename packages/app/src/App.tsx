import { createApp } from '@backstage/frontend-defaults';
import { navModule } from './nav';
import { signInModule } from './signIn';

/**
 * The demo app. The plugins, Kubernetes Access among them, are found by `app.packages: all`:
 * adding the dependency is the whole installation.
 */
export const app = createApp({ features: [signInModule, navModule] });
