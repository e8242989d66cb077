using FocalSharp.Runtime;
using FocalSharp.Serving;

namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>serve</c>.</summary>
/// <param name="Model">The ONNX file.</param>
/// <param name="Serving">Where to listen and how much to take, without API keys.</param>
/// <param name="Detect">Thresholds of requests that name none.</param>
/// <param name="Threads">Threads of one run; 0 for one a physical core.</param>
/// <param name="ApiKeyFile">A file of API keys, or null.</param>
internal sealed record ServeRequest(string Model, ServingOptions Serving, DetectOptions Detect, int Threads, string? ApiKeyFile);
