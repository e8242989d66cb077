namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// The kinds of errors of a detection or of a missed object: the six kinds of TIDE (Bolya et al. 2020, section 2.2).
/// </summary>
internal enum ErrorKind
{
    /// <summary>Class: on an object (IoU above the threshold), but of another class.</summary>
    Class,

    /// <summary>Location: of an object's class, but with an IoU between background and the threshold.</summary>
    Location,

    /// <summary>Both: of another class, and with an IoU between background and the threshold.</summary>
    Both,

    /// <summary>Duplicate: on an object of its class that a more confident detection has already found.</summary>
    Duplicate,

    /// <summary>Background: on nothing that is annotated.</summary>
    Background,

    /// <summary>Missed: an object that no detection found, and that no class or location error explains.</summary>
    Missed,
}
