using System.Text.Json;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Uploads;

/// <summary>The exception that is thrown when an upload is rejected. Its message is sent to the client.</summary>
internal sealed class UploadException : Exception
{
    /// <summary>Initializes an exception without a message.</summary>
    public UploadException()
    {
    }

    /// <summary>Initializes an exception for a malformed upload.</summary>
    public UploadException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception for a malformed upload, with its cause.</summary>
    public UploadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes an exception.</summary>
    public UploadException(UploadError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Creates the exception for a request body that is too large.</summary>
    internal static UploadException RequestTooLarge(long maxBytes) =>
        new(UploadError.TooManyBytes, $"The request body is too large; the maximum is {SizeFormatter.FormatBytes(maxBytes)}. Send fewer or smaller images.");

    /// <summary>Gets the reason.</summary>
    public UploadError Error { get; } = UploadError.Malformed;

    /// <summary>Gets the HTTP status, always 4xx.</summary>
    public int StatusCode => Error switch
    {
        UploadError.Missing or UploadError.Malformed => StatusCodes.Status400BadRequest,
        UploadError.UnsupportedType or UploadError.NotAnImage => StatusCodes.Status415UnsupportedMediaType,
        UploadError.TooManyBytes or UploadError.TooManyPixels or UploadError.TooManyParts => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>Returns the problem to answer with.</summary>
    public Problem ToProblem() => Problem.Create(StatusCode, Message, JsonNamingPolicy.SnakeCaseLower.ConvertName(Error.ToString()));
}
