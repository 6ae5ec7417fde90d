import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { Ref } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { NoRequestLine } from './NoRequestLine';
import { blockingProblem, currentRequests, withoutOpenPlaces } from './places';
import { RequestLine } from './RequestLine';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2),
    marginBottom: theme.spacing(2),
  },
}));

interface StateLinesProps {
  access: EntityAccess;
  title: string;
  refresh(): Promise<void>;
  sectionRef: Ref<HTMLElement>;
}

/** What is true now and what can be done next: a line for each request that is open, or a single one. */
export function StateLines(props: StateLinesProps) {
  const { access, title, refresh } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const requests = currentRequests(access);
  const rest = withoutOpenPlaces(access);
  const problem = blockingProblem(access);
  const mayAsk = !problem && rest.targets.some(target => !target.problem);
  return (
    <Paper
      component="section"
      ref={props.sectionRef}
      tabIndex={-1}
      variant="outlined"
      className={classes.root}
      aria-live="polite"
      aria-label={t('access.state')}
    >
      {requests.length === 0 ? (
        <NoRequestLine problem={problem} title={title} />
      ) : (
        requests.map(request => (
          <RequestLine
            key={request.id}
            request={request}
            mayAskAgain={mayAsk}
            refresh={refresh}
          />
        ))
      )}
    </Paper>
  );
}
