// Witness: the official SDK for Node.js, 8.x.
import { play } from "./node_scenario.mjs";

await play();
