// Takes whoever sent the form to what is wrong with it.
document.getElementById("summary")?.focus();
