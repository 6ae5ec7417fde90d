export { RequestAnnouncer } from './RequestAnnouncer';
