import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { requestRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Person, PhaseLabel, Place, When } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  table: { tableLayout: 'fixed' },
  head: {
    // As the tables of the catalog have it, but in the case in which people read.
    textTransform: 'none',
    letterSpacing: 'normal',
    color: theme.palette.text.secondary,
    fontWeight: 600,
    whiteSpace: 'nowrap',
  },
  cell: {
    ...theme.typography.body2,
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  phase: { width: 130 },
  what: { width: '20%' },
  who: { width: '14%' },
  when: { width: 160 },
  // Room for "1 hour 30 minutes".
  howLong: { width: 170 },
  reason: {
    display: '-webkit-box',
    '-webkit-line-clamp': 2,
    '-webkit-box-orient': 'vertical',
    overflow: 'hidden',
  },
}));

/** Requests beside each other, for screens that are wide enough. */
export function HistoryTable({ requests }: { requests: AccessRequest[] }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const head = (label: string, width?: string) => (
    <TableCell
      component="th"
      scope="col"
      className={`${classes.head} ${width ?? ''}`}
    >
      {label}
    </TableCell>
  );
  return (
    <Table
      size="small"
      aria-label={t('page.historyTable')}
      className={classes.table}
    >
      <TableHead>
        <TableRow>
          {head(t('page.columnPhase'), classes.phase)}
          {head(t('page.columnWhat'), classes.what)}
          {head(t('page.columnWho'), classes.who)}
          {head(t('page.columnWhy'))}
          {head(t('page.columnWhen'), classes.when)}
          {head(t('page.columnHowLong'), classes.howLong)}
        </TableRow>
      </TableHead>
      <TableBody>
        {requests.map(request => (
          <HistoryRow key={request.id} request={request} />
        ))}
      </TableBody>
    </Table>
  );
}

function HistoryRow({ request }: { request: AccessRequest }) {
  const classes = useStyles();
  const language = useLanguage();
  const requestLink = useRouteRef(requestRouteRef);
  return (
    <TableRow hover>
      <TableCell className={classes.cell}>
        <PhaseLabel phase={request.phase} />
      </TableCell>
      <TableCell className={classes.cell}>
        <Link to={requestLink({ id: request.id })}>
          <EntityDisplayName entityRef={request.entityRef} hideIcon />
        </Link>
        <Typography variant="caption" component="div" color="textSecondary">
          <Place cluster={request.cluster} targets={request.targets} />
        </Typography>
      </TableCell>
      <TableCell className={classes.cell}>
        <Person entityRef={request.requester} />
      </TableCell>
      <TableCell className={classes.cell}>
        <span className={classes.reason}>{request.reason}</span>
      </TableCell>
      <TableCell className={classes.cell}>
        <When at={request.createdAt} />
      </TableCell>
      <TableCell className={classes.cell}>
        {durationInWords(request.durationSeconds, language)}
      </TableCell>
    </TableRow>
  );
}
