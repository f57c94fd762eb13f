import { closeBrowser, serve, signedIn } from "./harness.mjs";
import { furnish, GOAL } from "./stage.mjs";
const server = await serve();
const stage = await furnish(server);
const list = [["noor", GOAL, "goal"], ["noor", `${GOAL}/offer`, "offer"], ["eva", stage.task, "task"], ["noor", stage.own, "own"], ["joris", stage.figures, "figures"], ["joris", `${GOAL}/indicators/new`, "newfig"], ["noor", "/projects/new", "propose"]];
for (const [login, path, name] of list) {
  for (const width of [1280, 375]) {
    const page = await signedIn(server, login);
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    if (name === "figures") {
      await page.getByLabel("Plak de cijfers hier").fill("area,area_name,period,value\nWK054603,Leiden-Noord,2024,8\nWK054600,Binnenstad,2024,6\nX,,25,1");
      await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
      await page.screenshot({ path: `/tmp/g-shots/${name}-wrong-${width}.png`, fullPage: true });
      await page.getByLabel("Plak de cijfers hier").fill("area,area_name,period,value\nWK054603,Leiden-Noord,2024,8\nWK054600,Binnenstad,2024,6\n");
      await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
    }
    await page.screenshot({ path: `/tmp/g-shots/${name}-${width}.png`, fullPage: true });
    await page.context().close();
  }
}
await closeBrowser();
await server.stop();
