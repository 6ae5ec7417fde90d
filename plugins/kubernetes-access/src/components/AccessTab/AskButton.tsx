import { LinkButton } from '@backstage/core-components';
import { REASON_FIELD_ID } from '../RequestForm';
import { useTabPaths } from './paths';

/** Leads to the form, and into it when it is on the page already. */
export function AskButton({ label }: { label: string }) {
  const { request } = useTabPaths();
  return (
    <LinkButton
      to={request}
      variant="contained"
      color="primary"
      onClick={() => document.getElementById(REASON_FIELD_ID)?.focus()}
    >
      {label}
    </LinkButton>
  );
}
