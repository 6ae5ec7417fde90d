export { REASON_FIELD_ID } from './ReasonField';
export { RequestForm } from './RequestForm';
