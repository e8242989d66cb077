using FocalSharp.Runtime.Metadata;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>Opens ONNX files and words what is wrong with them.</summary>
internal static class ModelFile
{
    /// <summary>ONNX files are protocol buffers, which end at 2 GiB.</summary>
    private const long MaxBytes = int.MaxValue;

    public static (InferenceSession Session, ModelInfo Info) Open(string path, RuntimeOptions options)
    {
        if (!File.Exists(path))
        {
            throw new FocalSharpException(Directory.Exists(path)
                ? $"{path}: is a folder where an ONNX file was expected; name the file that 'focalsharp export' wrote."
                : $"{path}: there is no such model file.");
        }

        if (new FileInfo(path).Length is 0 or > MaxBytes)
        {
            throw new FocalSharpException($"{path}: is {new FileInfo(path).Length} bytes long, which no ONNX file is.");
        }

        return Open(path, options, session => new InferenceSession(path, session));
    }

    public static (InferenceSession Session, ModelInfo Info) Open(byte[] model, string name, RuntimeOptions options) => model.Length == 0
        ? throw new FocalSharpException($"{name}: is empty (0 bytes), so it holds no model.")
        : Open(name, options, session => new InferenceSession(model, session));

    private static (InferenceSession Session, ModelInfo Info) Open(string name, RuntimeOptions options, Func<SessionOptions, InferenceSession> open)
    {
        options.Validate();
        using SessionOptions sessionOptions = SessionOptionsFactory.Create(options);
        InferenceSession session;
        try
        {
            session = open(sessionOptions);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new FocalSharpException(
                $"{name}: ONNX Runtime cannot load it ({FirstLine(exception)}). Give it a file that 'focalsharp export' wrote, whole.", exception);
        }

        try
        {
            ModelInfo info = new ModelMetadataReader(name, session.ModelMetadata.CustomMetadataMap).Read();
            ModelContract.Validate(name, session, info.Variant);
            return (session, info);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public static string FirstLine(Exception exception)
    {
        string message = exception.Message;
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        message = end < 0 ? message : message[..end];
        return message.Length > 300 ? message[..300] + "…" : message;
    }
}
