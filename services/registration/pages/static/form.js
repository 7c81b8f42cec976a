// Fills in latitude and longitude where the browser knows them; the form works without it.
const script = document.getElementById("form-script");
const button = document.getElementById("locate");
const said = document.getElementById("located");

if (button && navigator.geolocation && window.isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById("lat").value = coords.latitude.toFixed(6);
        document.getElementById("lon").value = coords.longitude.toFixed(6);
        said.textContent = script.dataset.here;
      },
      () => { said.textContent = script.dataset.unknown; },
      { timeout: 10000 },
    );
  });
}

document.getElementById("summary")?.focus();
