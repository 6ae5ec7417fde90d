import { version } from '../../package.json';

/** The version of this plugin, as it introduces itself to clusters. */
export const PLUGIN_VERSION = version;
