// dotnet run -- --Model model.onnx --Folder images
using FocalSharp;
using FocalSharp.Runtime;
using FocalSharpWorker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddDetector(builder.Configuration["Model"] ?? "model.onnx");
builder.Services.AddHostedService<FolderWatcher>();
IHost host = builder.Build();
try
{
    host.Services.GetRequiredService<Detector>().WarmUp();
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine($"{exception.Message}\nSet the model's path: dotnet run -- --Model path/to/model.onnx, or in appsettings.json.");
    return 1;
}

await host.RunAsync();
return 0;
