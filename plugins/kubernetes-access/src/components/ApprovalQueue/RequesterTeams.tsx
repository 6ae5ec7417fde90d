import { RELATION_MEMBER_OF } from '@backstage/catalog-model';
import { useApiHolder } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  catalogApiRef,
  getEntityRelations,
} from '@backstage/plugin-catalog-react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import Skeleton from '@material-ui/lab/Skeleton';
import useAsync from 'react-use/esm/useAsync';
import { kubernetesAccessTranslationRef } from '../../translation';
import { People } from '../ui';

/** The teams of somebody, as far as the catalog tells. */
export function RequesterTeams({ entityRef }: { entityRef: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const catalog = useApiHolder().get(catalogApiRef);
  const { loading, value: teams = [] } = useAsync(async () => {
    const user = await catalog?.getEntityByRef(entityRef);
    return getEntityRelations(user, RELATION_MEMBER_OF).map(team =>
      stringifyEntityRef(team),
    );
  }, [catalog, entityRef]);
  if (loading) {
    return <Skeleton width="30%" />;
  }
  return teams.length > 0 ? (
    <People entityRefs={teams} join="and" />
  ) : (
    <>{t('approvals.teamNone')}</>
  );
}
