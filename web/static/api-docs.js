// Shows the JSON API's documentation. A file of its own, because our pages allow no script inside them.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: ["get", "put", "post", "delete", "patch"],
  tryItOutEnabled: false,
});
