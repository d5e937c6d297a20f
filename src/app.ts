import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { hasConnectedAccounts, registerAccountRegister } from './modules/accounts/index.ts';
import { registerAddresses } from './modules/addresses/index.ts';
import {
  registerAppealsDesk,
  registerOwnAppeals,
  registerSupport,
  registerSupportDesk,
  registerTerritory,
  registerWriting,
} from './modules/appeals/index.ts';
import { registerAccountMoney, registerBills } from './modules/billing/index.ts';
import { registerClaims, registerConnections, registerLetters, registerSharing } from './modules/connections/index.ts';
import { registerDesk, registerHome, registerWhy } from './modules/home/index.ts';
import { findHousesByCodes, registerHouseCard, registerHousesOfOrganisation } from './modules/houses/index.ts';
import {
  type IdentityProvider,
  identify,
  openIdProvider,
  registerProfile,
  registerSignIn,
} from './modules/identity/index.ts';
import { registerInstallation } from './modules/installation/index.ts';
import {
  addMeterApi,
  registerMeters,
  registerMetersOfOrganisation,
  registerStatistics,
} from './modules/meters/index.ts';
import { registerLetterLinks, registerMailAdministration, registerNoticeSettings } from './modules/notices/index.ts';
import {
  identifySystem,
  registerApiKeys,
  registerOrganisationAdministration,
  registerOrganisationCard,
  registerOwnCard,
} from './modules/organisations/index.ts';
import {
  registerHistory,
  registerPaying,
  registerPayingForAnybody,
  registerShopsAndQuestions,
} from './modules/payments/index.ts';
import { registerPersonalData } from './modules/personal-data/index.ts';
import {
  registerApplications,
  registerApplicationsDesk,
  registerDelegations,
  registerEmployees,
  registerHeads,
  registerInvitationLink,
  registerLonelyRequisites,
  registerRequisites,
} from './modules/staff/index.ts';
import { registerStorage } from './modules/storage/index.ts';
import { registerUploads } from './modules/uploads/index.ts';
import { handleError, handleNotFound } from './pages/errors.tsx';
import { registerFrame } from './pages/frame.tsx';
import { registerOffline } from './pages/offline.tsx';
import { personParts } from './person-parts.ts';
import { registerApi } from './platform/api/api.ts';
import { registerAttachmentUploads } from './platform/attachments/index.ts';
import type { Context } from './platform/context.ts';
import { createServer } from './platform/http/server.ts';

export interface AppOptions {
  assetsFolder?: string;
  provider?: IdentityProvider;
  isDatabaseAway?: () => boolean;
}

/** The application as one readable list: the server with its layers, then the modules. */
export async function createApp(context: Context, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = await createServer(context, {
    assetsFolder: resolve(options.assetsFolder ?? 'dist/assets'),
    identify: (request, reply) => identify(context, hasConnectedAccounts, request, reply),
    identifySystem: (request) => identifySystem(context, request),
    onError: handleError,
    onNotFound: handleNotFound,
    ...(options.isDatabaseAway && { isDatabaseAway: options.isDatabaseAway }),
  });
  registerFrame(app, context);
  registerOffline(app);
  await registerAttachmentUploads(app, context);
  registerSignIn(app, context, options.provider ?? openIdProvider(context.config));
  registerProfile(app, context);
  registerPersonalData(app, context, personParts);
  registerNoticeSettings(app, context);
  registerLetterLinks(app, context);
  registerMailAdministration(app, context);
  registerInstallation(app, context);
  registerHome(app, context);
  registerWhy(app, context);
  registerAddresses(app, context, findHousesByCodes);
  registerHouseCard(app, context);
  registerOrganisationCard(app, context);
  registerDesk(app, context);
  registerOwnCard(app, context);
  registerApiKeys(app, context);
  registerHousesOfOrganisation(app, context);
  registerOrganisationAdministration(app, context);
  registerEmployees(app, context);
  registerInvitationLink(app, context);
  registerHeads(app, context);
  registerApplications(app, context);
  registerApplicationsDesk(app, context);
  registerRequisites(app, context);
  registerDelegations(app, context);
  registerLonelyRequisites(app, context);
  registerAccountRegister(app, context);
  registerConnections(app, context);
  registerSharing(app, context);
  registerClaims(app, context);
  registerLetters(app, context);
  registerBills(app, context);
  registerAccountMoney(app, context);
  registerPaying(app, context);
  registerPayingForAnybody(app, context);
  registerHistory(app, context);
  registerShopsAndQuestions(app, context);
  registerMeters(app, context);
  registerStatistics(app, context);
  registerWriting(app, context);
  registerOwnAppeals(app, context);
  registerUploads(app, context);
  registerMetersOfOrganisation(app, context);
  registerAppealsDesk(app, context);
  registerTerritory(app, context);
  registerSupport(app, context);
  registerSupportDesk(app, context);
  registerStorage(app, context);
  registerApi(app, context, [addMeterApi]);
  return app;
}
