namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>
/// What can be wrong with a detection, or with an object that none found: the six kinds of TIDE (Bolya et al. 2020, section 2.2).
/// </summary>
public enum ErrorKind
{
    /// <summary>On an object (IoU as matching asks), but of another class than the object.</summary>
    Class,

    /// <summary>Of an object's class, but too far off it: less IoU than matching asks, more than background.</summary>
    Location,

    /// <summary>Too far off, and of another class.</summary>
    Both,

    /// <summary>On an object of its class that a surer detection has found already.</summary>
    Duplicate,

    /// <summary>On nothing that is annotated.</summary>
    Background,

    /// <summary>An object that no detection found, and that no error of class or location explains.</summary>
    Missed,
}
