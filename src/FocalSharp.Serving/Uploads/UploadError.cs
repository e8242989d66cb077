namespace FocalSharp.Serving.Uploads;

/// <summary>Why an upload was refused.</summary>
public enum UploadError
{
    /// <summary>The body or part is empty, or none was sent.</summary>
    Missing,

    /// <summary>The body breaks off or its framing is broken.</summary>
    Malformed,

    /// <summary>The request's content type is none that carries an image.</summary>
    UnsupportedType,

    /// <summary>The bytes begin no image format that is read.</summary>
    NotAnImage,

    /// <summary>An image, but truncated, damaged or with a broken header.</summary>
    Damaged,

    /// <summary>More bytes than allowed.</summary>
    TooManyBytes,

    /// <summary>More pixels than allowed.</summary>
    TooManyPixels,

    /// <summary>Too small to hold an object.</summary>
    TooSmall,

    /// <summary>More images, or more form fields, than allowed.</summary>
    TooManyParts,
}
