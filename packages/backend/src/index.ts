import { createBackend } from '@backstage/backend-defaults';

/**
 * The demo back end: a small Backstage with the neighbours of Kubernetes Access, all behind one port.
 * It serves the built app too, so that one link is enough.
 */
const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('./demoSignIn'));

backend.add(import('@backstage/plugin-catalog-backend'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./demoPolicy'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));

backend.add(import('@backstage/plugin-kubernetes-backend'));

backend.add(
  import('@kubernetes-access/backstage-plugin-kubernetes-access-backend'),
);

backend.start();
