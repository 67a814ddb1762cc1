using LogApi.Application;
using LogApi.Infrastructure;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddApplication(builder.Configuration["AUTOMAPPER_LICENSE_KEY"]);
builder.Services.AddInfrastructure();

var app = builder.Build();
await app.RunAsync();
