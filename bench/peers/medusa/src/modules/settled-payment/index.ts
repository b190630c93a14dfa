import { ModuleProvider, Modules } from '@medusajs/framework/utils';
import SettledPayment from './service';

export default ModuleProvider(Modules.PAYMENT, { services: [SettledPayment] });
