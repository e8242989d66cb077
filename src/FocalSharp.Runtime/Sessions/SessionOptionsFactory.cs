using System.Globalization;
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
        (ExecutionProvider provider, int? device) = ExecutionProvider.Parse(options.ExecutionProvider);
        Dictionary<string, string> settings = new(options.ProviderOptions);
        if (device is { } index)
        {
            settings[ExecutionProvider.DeviceSetting] = index.ToString(CultureInfo.InvariantCulture);
        }

        try
        {
            switch (provider.Name)
            {
                case "cpu":
                    return;
                case "cuda":
                    AppendCuda(session, settings);
                    return;
                case "tensorrt":
                    using (OrtTensorRTProviderOptions tensorRt = new())
                    {
                        tensorRt.UpdateOptions(settings);
                        session.AppendExecutionProvider_Tensorrt(tensorRt);
                    }

                    // What TensorRT does not support runs on the same GPU.
                    AppendCuda(session, settings.Where(pair => pair.Key == ExecutionProvider.DeviceSetting).ToDictionary());
                    return;
                case "directml":
                    session.EnableMemoryPattern = false; // required by DirectML
                    session.AppendExecutionProvider_DML(
                        settings.TryGetValue(ExecutionProvider.DeviceSetting, out string? number) && int.TryParse(number, CultureInfo.InvariantCulture, out int gpu) ? gpu : 0);
                    return;
                default:
                    session.AppendExecutionProvider(provider.RuntimeName, settings);
                    return;
            }
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or ArgumentException or NotSupportedException)
        {
            throw provider.CreateUnavailable(ModelSession.GetFirstLine(exception), OrtEnv.Instance().GetAvailableProviders(), exception);
        }
    }

    private static void AppendCuda(SessionOptions session, Dictionary<string, string> settings)
    {
        using OrtCUDAProviderOptions cuda = new();
        cuda.UpdateOptions(settings);
        session.AppendExecutionProvider_CUDA(cuda);
    }
}
