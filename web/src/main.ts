import "./ui/tokens.css";
import "./ui/base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { router } from "./frame/router.svelte";
import { session } from "./frame/session.svelte";

router.start();
await session.prepare();
mount(App, { target: document.getElementById("app") as HTMLElement });
void session.load();
