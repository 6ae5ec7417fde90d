import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequest,
  EntityAccess,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { RequestForm } from '../RequestForm';
import { Blank, Fact, Facts, Place, Quote } from '../ui';
import { CannotAsk } from './CannotAsk';
import { blockingProblem, openRequests, withoutOpenPlaces } from './places';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(3) },
  asked: {
    padding: theme.spacing(3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
}));

interface RequestTabProps {
  access: EntityAccess;
  refresh(): Promise<void>;
}

/** What was asked for and is open, and the form for what is not. */
export function RequestTab({ access, refresh }: RequestTabProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const open = openRequests(access);
  const rest = withoutOpenPlaces(access);
  return (
    <div className={classes.root}>
      {open.map(request => (
        <Asked key={request.id} request={request} />
      ))}
      {open.length > 0 && rest.targets.length > 0 && (
        <Typography variant="h6" component="h2">
          {t('access.otherPlaces')}
        </Typography>
      )}
      <Askable
        // Another form after each request that was made.
        key={access.requests.map(({ id }) => id).join()}
        access={rest}
        refresh={refresh}
      />
    </div>
  );
}

/** The form, or why there is none: a dead form would be no help. */
function Askable({ access, refresh }: RequestTabProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const problem = blockingProblem(access);
  if (problem) {
    return (
      <CannotAsk
        problem={problem}
        isReasonAbove={access.requests.length === 0}
        targets={access.targets}
      />
    );
  }
  if (access.targets.length > 0) {
    return <RequestForm access={access} onSent={refresh} />;
  }
  const denied = access.requests.find(({ askAgainAt }) => askAgainAt);
  return denied ? (
    <Blank title={t('access.paused')}>{t('access.pausedMore')}</Blank>
  ) : null;
}

function Asked({ request }: { request: AccessRequest }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const classes = useStyles();
  return (
    <Paper variant="outlined" className={classes.asked}>
      <Facts>
        <Fact label={t('access.where')}>
          <Place cluster={request.cluster} targets={request.targets} />
        </Fact>
        <Fact label={t('access.howLong')}>
          {durationInWords(request.durationSeconds, language)}
        </Fact>
        <Fact label={t('access.why')}>
          <Quote isSmall>{request.reason}</Quote>
        </Fact>
      </Facts>
    </Paper>
  );
}
