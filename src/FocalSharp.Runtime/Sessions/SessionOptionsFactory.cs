using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>Creates ONNX Runtime's session options.</summary>
internal static class SessionOptionsFactory
{
    public static SessionOptions Create(RuntimeOptions options)
    {
        SessionOptions session = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
            AppendProvider(session, options);
            options.ConfigureSession?.Invoke(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void AppendProvider(SessionOptions session, RuntimeOptions options)
    {
        string name = options.ExecutionProvider;
        Dictionary<string, string> settings = new(options.ProviderOptions);
        try
        {
            switch (name.ToLowerInvariant())
            {
                case "cpu":
                    return;
                case "cuda":
                    using (OrtCUDAProviderOptions cuda = new())
                    {
                        cuda.UpdateOptions(settings);
                        session.AppendExecutionProvider_CUDA(cuda);
                    }

                    return;
                case "tensorrt":
                    using (OrtTensorRTProviderOptions tensorRt = new())
                    {
                        tensorRt.UpdateOptions(settings);
                        session.AppendExecutionProvider_Tensorrt(tensorRt);
                    }

                    return;
                case "dml":
                    session.EnableMemoryPattern = false; // required by DirectML
                    session.AppendExecutionProvider_DML(settings.TryGetValue("device_id", out string? id) && int.TryParse(id, out int device) ? device : 0);
                    return;
                case "coreml":
                    session.AppendExecutionProvider("CoreML", settings);
                    return;
                case "openvino":
                    session.AppendExecutionProvider("OpenVINO", settings);
                    return;
                case "qnn" or "snpe" or "xnnpack" or "webgpu" or "azure" or "vitisai" or "js":
                    session.AppendExecutionProvider(name.ToUpperInvariant(), settings);
                    return;
                default:
                    session.AppendExecutionProvider(name, settings);
                    return;
            }
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or ArgumentException)
        {
            throw new PlatformException(
                $"Execution provider '{name}' is not available here ({ModelSession.GetFirstLine(exception)}). Available: "
                + $"{string.Join(", ", OrtEnv.Instance().GetAvailableProviders().Select(GetShortName))}. Choose one of these, or reference the ONNX Runtime package that contains it.",
                exception);
        }
    }

    /// <summary>Returns a provider's name as options take it: <c>cpu</c>, <c>cuda</c>.</summary>
    public static string GetShortName(string provider) => provider.Replace("ExecutionProvider", "", StringComparison.Ordinal).ToLowerInvariant();
}
